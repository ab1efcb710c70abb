# SPDX-License-Identifier: GPL-2.0-or-later

class session
  since rio
  writer pool-admin
  flags volatile no-events no-get-all no-async

field uuid dynamic string

field this_host dynamic ref(host)

field this_user dynamic ref(user)

field last_active dynamic datetime

field pool dynamic bool

field other_config rw map(string,string) = {}
  since miami

field is_local_superuser dynamic bool = false
  since george

field subject dynamic ref(subject) = "OpaqueRef:NULL"
  since george

field validation_time dynamic datetime = "19700101T00:00:00Z"
  since george

field auth_user_sid dynamic string = ""
  since george

field auth_user_name dynamic string = ""
  since midnight-ride

field rbac_permissions static set(string) = []
  since midnight-ride

field tasks dynamic set(ref(task))
  since midnight-ride
  from task.session

field parent static ref(session) = "OpaqueRef:NULL"
  since midnight-ride

field originator dynamic string = ""
  since clearwater

field client_certificate dynamic bool = false
  since 21.2.0

message login_with_password
  role read-only
  flags sync no-session secret
  param uname string
  param pwd string
  param version string = "1.1"
  param originator string = ""
  result ref(session)
  errors SESSION_AUTHENTICATION_FAILED HOST_IS_SLAVE

message logout
  role read-only
  flags sync

message change_password
  role local-root
  flags sync
  param old_pwd string
  param new_pwd string

message slave_login
  role pool-admin
  flags sync no-session hidden secret
  param host ref(host)
  param psecret secret_string
  result ref(session)

message slave_local_login
  since miami
  role pool-admin
  flags sync no-session hidden secret emergency
  param psecret secret_string
  result ref(session)

message slave_local_login_with_password
  since miami
  role pool-admin
  flags sync no-session secret emergency
  param uname string
  param pwd string
  result ref(session)

message create_from_db_file
  since dundee
  role local-root
  param filename string
  result ref(session)

message local_logout
  since miami
  role pool-admin
  flags sync emergency

message get_all_subject_identifiers
  since george
  role read-only
  flags query
  result set(string)

message logout_subject_identifier
  since george
  role pool-operator
  param subject_identifier string
